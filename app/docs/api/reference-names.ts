/** `sign-in` -> `Sign in` */
export const titled = (name: string) =>
  name === 'sso' ? 'SSO' : name.replace(/^./, (c) => c.toUpperCase()).replaceAll('-', ' ')
