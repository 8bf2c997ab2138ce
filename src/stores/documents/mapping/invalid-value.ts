/** A value that the type of its field cannot take; caught by the walk of the document, which knows the field. */
export class InvalidValue extends Error {
  override readonly name = "InvalidValue";
}
