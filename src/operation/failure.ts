/** What an operator can put right: the message says what is in the way and what to do. */
export class OperationFailure extends Error {}
