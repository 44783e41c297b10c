/** BIP-129's test vectors, mode NO_ENCRYPTION with extended keys; `fixtures/PROVENANCE.md` says from where. */

const XPUBS = [
  "xpub6FL8FhxNNUVnG64YurPd16AfGyvFLhh7S2uSsDqR3Qfcm6o9jtcMYwh6DvmcBF9qozxNQmTCVvWtxLpKTnhVLN3Pgnu2D3pAoXYFgVyd8Yz",
  "xpub6EebMbEps7ZcV3FYEnddRsvrFWDrt2tiPmCeM7pPXQEmphvq9ZfJ1LWFUDjf3vxCeBuPrfyGrMazWUsYsetrnHatQZVLJH7LsgCjtMqdzgj",
] as const;

/** As our descriptors spell them. */
export const BSMS_KEYS = [
  `[1cf0bf7e/48h/0h/0h/2h]${XPUBS[0]}`,
  `[4fc1dd4a/48h/0h/0h/2h]${XPUBS[1]}`,
] as const;

export const BSMS_KEY = [
  `BSMS 1.0
00
[1cf0bf7e/48'/0'/0'/2']${XPUBS[0]}
Signer 1 key
IB7v+qi1b+Xrwm/3bF+Rjl8QbIJ/FMQ40kUsOOQo1SqUWn5QlFWbBD8BKPRetfo1L1N7DmYjVscZNsmMrqRJGWw=`,
  `BSMS 1.0
00
[4fc1dd4a/48'/0'/0'/2']${XPUBS[1]}
Signer 2 key
HzUa4Z76PFHMl54flIIF3XKiHZ+KbWjjxCEG5G3ZqZSqTd6OgTiFFLqq9PXJXdfYm6/cnL8IVWQgjFF9DQhIqQs=`,
] as const;

export const BSMS_RECORD = `BSMS 1.0
wsh(sortedmulti(2,[1cf0bf7e/48'/0'/0'/2']${XPUBS[0]}/**,[4fc1dd4a/48'/0'/0'/2']${XPUBS[1]}/**))
/0/*,/1/*
bc1qrgc6p3kylfztu06ysl752gwwuekhvtfh9vr7zg43jvu60mutamcsv948ej
`;
