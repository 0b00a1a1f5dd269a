import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-HAETCFO5.mjs";import"./chunk-GHNEITFT.mjs";import"./chunk-REUVGQYL.mjs";import"./chunk-LC4ZPPDC.mjs";import"./chunk-LFJELVJI.mjs";export{a as noteWithheld};
