/** @type {import('next').NextConfig} */
export default {
  agentRules: false,
  poweredByHeader: false,
  turbopack: { root: import.meta.dirname }, // this folder is an app of its own, whatever lies around it
}
