import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-YIQEBDGA.mjs";import"./chunk-ZOM5XU56.mjs";import"./chunk-JSKACPFL.mjs";import"./chunk-4XX2PRI4.mjs";import"./chunk-3XG6BFBR.mjs";export{a as noteWithheld};
