/** In place of `import-again` in CommonJS, where a file that cannot be had is asked for anew each time. */
export const importAgain = (): null => null
