import { execFile } from 'node:child_process'

export type Ended = { code: number; output: string }

/** Runs the jackstaff command, as built, and waits for its end. */
export function jackstaffCommand(
  args: string[],
  env: Record<string, string> = {},
  program = 'dist/jackstaff.mjs',
): Promise<Ended> {
  return new Promise((done) => {
    const options = { env: { ...process.env, ...env }, timeout: 120_000 }
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    )
  })
}
