/** By their characters, whatever the language: the same in every place. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
