// node bench/size.mjs FILE: its bytes, and those that are sent of it, as JSON.
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const bytes = readFileSync(process.argv[2]);
console.log(JSON.stringify({ raw: bytes.length, brotli: brotliCompressSync(bytes).length }));
