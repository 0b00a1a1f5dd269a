import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-3KK35DPU.mjs";import"./chunk-U66NQLTY.mjs";export default a();
