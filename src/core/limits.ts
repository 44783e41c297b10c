/**
 * Everything has a limit, and it is checked before memory is taken. Units are in the names.
 * A limit is a promise to whoever feeds us bytes: above it we answer with a typed error, never with a crash.
 */
export const LIMITS = {
  /** A request with 1,000 inputs whose parents are exchange batches is tens of megabytes of hex. */
  documentBytesMax: 64 * 1024 * 1024,
  /** Every other document: policies with thousands of names still fit. */
  smallDocumentBytesMax: 1024 * 1024,
  /** A receipt stands in one line of the journal, with its entry and signature beside it. */
  receiptBytesMax: 63 * 1024 * 1024,
  /**
   * Journal entries that one receipt carries, some 400 kB. A refusal's receipt is kept in the journal: a host that names
   * no head must not make it grow by megabytes for each no. Of more, a signer refuses (G3) and brings the first ones.
   */
  receiptEntriesMax: 1000,
  sealedBytesMax: 64 * 1024,
  /** What 1,295 parts of BBQr hold, and room for what was deflated; above it a file is the better way across the gap. */
  bbqrBytesMax: 8 * 1024 * 1024,
  /** A picture of QR codes, as telephones take them; the reader of codes knows no longer side. */
  imageBytesMax: 64 * 1024 * 1024,
  imageSideMax: 4096,
  /** What its pixels inflate to: the largest side in 24-bit colour. A small file can ask for as much, and for seconds. */
  imagePixelBytesMax: 49 * 1024 * 1024,
  /** Files in a folder of frames: every part of the longest BBQr, taken twice. */
  frameFilesMax: 2590,
  documentDepthMax: 12,
  /** The receipt of sixteen full plans has half as many; an object for every three bytes of a file is gigabytes. */
  documentValuesMax: 4_000_000,
  signaturesMax: 64,
  /** Approvals of one intent, and clearances: as many as a desk is shown. */
  wordsPerIntentMax: 64,
  delegationSecondsMax: 86_400,
  identitiesMax: 256,
  walletsMax: 256,
  /** Tokens that a policy lists. */
  tokensMax: 256,
  policyRowsMax: 1024,
  /** Each is judged, with reads of its own, wherever a payment takes a step. */
  onlineLimitsMax: 256,
  /** Assets that one document of rates values. */
  ratesMax: 256,
  plansPerRequestMax: 16,
  intentsPerPlanMax: 1000,
  rungsPerPlanMax: 6,
  /** Rungs that are built. */
  ladderRungsMax: 5,
  /** Transactions that no block holds yet, one spending the other's change; nodes keep 25, older ones fewer by weight. */
  unconfirmedChainMax: 5,
  /** A plan's fee may rise over a week at most. */
  deadlineMinutesMax: 10_080,
  /** Halts of this host alone that operators have in force: each takes two persons to end, and one over everything says enough. */
  operatorFlagsMax: 8,
  /** Nodes estimate fees for at most so many blocks (Bitcoin Core, a week). */
  feeTargetBlocksMax: 1008,
  psbtBytesMax: 32 * 1024 * 1024,
  psbtFieldsPerMapMax: 4096,
  transactionInputsMax: 2000,
  transactionOutputsMax: 2500,
  /** Consensus keeps a block under 4,000,000 weight units, so no transaction's bytes exceed that. */
  transactionBytesMax: 4_000_000,
  /** Twice what Stellar's network settings allow (CONFIG_SETTING_CONTRACT_BANDWIDTH_V0: 132,096 bytes). */
  stellarTransactionBytesMax: 264_192,
  /** Consensus: 4,000,000 weight units, of which each byte is at least one. */
  blockBytesMax: 4_000_000,
  /** What geth's pool takes at most as one transaction (txMaxSize); other nodes follow it. */
  evmTransactionBytesMax: 128 * 1024,
  /** A transaction is a list, and its access list one of pairs with a list in each. */
  rlpDepthMax: 4,
  /** An access list of nothing but addresses, as long as a transaction of that size can have it, and no more. */
  rlpItemsMax: 20_000,
  derivationDepthMax: 12,
  /** Attack B7: a coin at index 2^31 - 1 is lost in practice; ten million addresses can still be scanned in an hour. */
  addressIndexMax: 10_000_000,
  /** Receive addresses of a wallet that a restore passes over at most: each is a row, and derived in one transaction. */
  addressesPassedMax: 10_000,
  /** Outputs of one transaction that one warrant says were no payment of a withdrawal; more take another warrant. */
  sightingsPerWarrantMax: 100,
  descriptorCharactersMax: 4096,
  /** A `bitcoin:` URI with labels; no QR code holds more than `qrCharactersMax` of them anyway. */
  paymentUriCharactersMax: 4096,
  textCharactersMax: 256,
  memoCharactersMax: 64,
  /** What hardware signers show of a message to be signed, and show whole (Coldcard, BIP-322). */
  messageCharactersMin: 2,
  messageCharactersMax: 330,
  /** Of a message that somebody else's key has signed. */
  signedMessageBytesMax: 64 * 1024,
  passphraseBytesMax: 1024,
  /** A signature file of ssh-keygen; ours has 500, and one by an RSA key can still be told what it is. */
  sshTextCharactersMax: 4096,
  /** Each entry is verified, with what it carries, before a signer decides anything: this many take it a minute or two. */
  journalEntriesMax: 100_000,
  /** An export has the journals of all epochs that its signer has taken over. */
  exportEntriesMax: 1_000_000,
  /** The signer reads its whole journal, receipts included, before it decides anything. */
  journalBytesMax: 1024 * 1024 * 1024,
  /** The end of a journal that is kept for voids and pins: a signer that signs no more can still end what it signed. */
  journalReserveEntries: 10_000,
  journalReserveBytes: 64 * 1024 * 1024,
  /** Noes of a request that its refusal journals; more are brought by `custody-signer import`. */
  refusalNoesMax: 64,
  seedsMax: 64,
  /** A signer's program, or node itself with the program inside: a hundred megabytes today. */
  programBytesMax: 1024 * 1024 * 1024,
  /** Builds of node that one release of the signer may run on. */
  buildNodesMax: 32,
  /** Callers that wait for a group commit: some seconds of a busy intake. */
  writesWaitingMax: 10_000,
  clientKeyCharactersMax: 128,
  /** A file of withdrawal requests, with some hundred bytes a row. */
  requestFileBytesMax: 32 * 1024 * 1024,
  requestFileRowsMax: 100_000,
  requestRowCharactersMax: 2048,
  /** Rows that one dry run judges together: it keeps other writers waiting for a second or two. */
  dryRunRowsMax: 10_000,
  /** Rows of one page of a list. */
  pageRowsMax: 1000,
  customerRefCharactersMax: 64,
  /** An acceptance is looked at again in ten years at the latest. */
  kycDaysMax: 3650,
  /** A list of KYC reviews, with some hundred bytes a line. */
  kycListBytesMax: 16 * 1024 * 1024,
  kycListLinesMax: 100_000,
  kycLineCharactersMax: 1024,
  /** Documents of one kind in a file of evidence: a withdrawal that has seen a hundred plans still fits. */
  evidenceDocumentsMax: 1000,
  /** A full block at verbosity 2 is tens of megabytes of JSON. */
  nodeAnswerBytesMax: 128 * 1024 * 1024,
  /** Of every answer but blocks, transactions, mempools and scans: they have a kilobyte or two. */
  nodeSmallAnswerBytesMax: 4 * 1024 * 1024,
  /** Coins of one wallet in a snapshot; of more, the largest. A transaction cannot take more inputs than this. */
  snapshotCoinsMax: 2000,
  /** Letters and digits that the largest QR code holds (version 40, level L); no frame can be longer. */
  qrCharactersMax: 4296,
  /** A document that goes across by QR codes: above this nobody holds a camera still for long enough. */
  carriedBytesMax: 500_000,
  /** A message across the gap by UR. At five frames a second this is a quarter of an hour: longer ones go as a file. */
  urMessageBytesMax: 2 * 1024 * 1024,
  /** Attack T1: memory and time to solve for fragments grow with the square of their number; this many take 8 MB. */
  urFragmentsMax: 8192,
  /** What such a message may decompress to. */
  urContentBytesMax: 8 * 1024 * 1024,
  cborDepthMax: 16,
  cborValuesMax: 65_536,
  /** Keys of one descriptor or entries of one account in a UR (BIP-383 allows twenty keys). */
  registryKeysMax: 20,
  /** Addresses of one branch that one `address verify` derives: some seconds of a wallet of many keys. */
  addressSearchMax: 100_000,
} as const;
