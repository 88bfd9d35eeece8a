type Undo = () => unknown

const undos: Undo[] = []

/** Remembers what to undo at the end, also of a run that fails or is interrupted; the newest first. */
export function atEnd(undo: Undo): void {
  undos.push(undo)
}

/** How many undos there are now: what a part adds can be undone when that part ends. */
export const mark = (): number => undos.length

export async function cleanUp(downTo = 0): Promise<void> {
  while (undos.length > downTo) {
    try {
      await undos.pop()!()
    } catch (error) {
      console.error(error)
    }
  }
}
