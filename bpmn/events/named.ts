/** Puts a definition under its name, null stays null. */
export const named = <Name extends string, Value>(
  name: Name,
  value: Value | null,
): Readonly<Record<Name, Value>> | null => (value === null ? null : ({ [name]: value } as Record<Name, Value>));
