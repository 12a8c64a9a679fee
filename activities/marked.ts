/** Answers of local activities say which question they answer (workflows/asking.ts). */
export interface Marked<A> {
  readonly mark: string;
  readonly answer: A;
}

export const marked =
  <Q, A>(activity: (question: Q) => Promise<A>) =>
  async (question: Q, mark: string): Promise<Marked<A>> => ({ mark, answer: await activity(question) });
