import { randomBytes } from 'node:crypto'
import { argon2id } from 'hash-wasm'

const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789' // none that is read for another

/** 30 letters of 30 kinds: 147 bits, in groups that a person can type. */
function passphrase(): string {
  const letters: string[] = []
  while (letters.length < 30) {
    const [byte] = randomBytes(1)
    if (byte! < 240) letters.push(LETTERS[byte! % LETTERS.length]!) // 240 is the last multiple of 30
  }
  return letters.join('').match(/.{5}/g)!.join('-')
}

/** Prints a passphrase, once, and the hash that the environment is to hold. Nothing is stored. */
async function print(): Promise<void> {
  const phrase = passphrase()
  const hash = await argon2id({
    password: phrase,
    salt: randomBytes(16),
    parallelism: 1, // OWASP's smallest; the passphrase is what protects it
    iterations: 2,
    memorySize: 19_456,
    hashLength: 32,
    outputType: 'encoded',
  })
  process.stdout.write(`
  The break-glass passphrase, shown this once. Put it where admins find it when nothing else works:

    ${phrase}

  Start Jackstaff with its hash, in single quotes:

    JACKSTAFF_BREAK_GLASS_HASH='${hash}'

`)
}

void print()
