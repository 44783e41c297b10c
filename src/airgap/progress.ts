/**
 * What a decoder of animated frames answers to each frame that it is shown. Both decoders (UR and BBQr) speak it, so one
 * reader and one screen serve them. `Message` is what the last frame completes.
 */
export type Progress<Message extends object> =
  /** The frame brought something new: `have` of the `need` parts that the message is solved from. */
  | { readonly type: "part"; readonly have: number; readonly need: number }
  /** The frame says nothing that the decoder does not know already. */
  | { readonly type: "duplicate"; readonly advice: string }
  /** A well-formed frame of another message; the scan so far stands. */
  | { readonly type: "foreign"; readonly advice: string }
  /** The text is no frame that can be read; the scan so far stands. */
  | { readonly type: "malformed"; readonly advice: string }
  /** The message is whole and its checksum holds. */
  | ({ readonly type: "done" } & Readonly<Message>);
