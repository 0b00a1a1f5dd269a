import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-E3RXZDHW.mjs";import"./chunk-VK27ZVDM.mjs";import"./chunk-R7IECBKV.mjs";import"./chunk-L2GS46QU.mjs";import"./chunk-GCRRXPJR.mjs";import"./chunk-HHIVYOWT.mjs";export{a as noteSarif};
