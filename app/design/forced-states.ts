'use client'
import { useEffect } from 'react'

/** What can be in a state by itself. */
const states = {
  hover: '*',
  'focus-visible': ':is(a, button, input, textarea, [tabindex="0"])',
} as const

/** `:hover` also where an ancestor says data-force="hover". */
function forced(selector: string): string {
  return Object.entries(states).reduce((text, [state, which]) => {
    const pseudo = new RegExp(`:${state}(?![\\w-])`, 'g')
    return text.replace(pseudo, `:is(:${state}, [data-force="${state}"] ${which})`)
  }, selector)
}

function rewrite(rules: CSSRuleList) {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule && !rule.selectorText.includes('data-force')) {
      const selector = forced(rule.selectorText)
      if (selector !== rule.selectorText) rule.selectorText = selector
    }
    if ('cssRules' in rule) rewrite(rule.cssRules as CSSRuleList)
  }
}

/** Lets states be looked at that otherwise take a pointer or the keyboard. */
export function useForcedStates() {
  useEffect(() => {
    for (const sheet of document.styleSheets) rewrite(sheet.cssRules)
  }, [])
}
