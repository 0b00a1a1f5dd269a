import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-JDU44HMT.mjs";import"./chunk-74FRDMSS.mjs";import"./chunk-YIMXWC3B.mjs";import"./chunk-ZC7KH7P2.mjs";import"./chunk-JZI77DHM.mjs";import"./chunk-XS36QNCF.mjs";import"./chunk-DSJW6HNY.mjs";export{a as noteSarif};
