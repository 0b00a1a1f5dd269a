import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-P6FAYHUX.mjs";import"./chunk-C63CWKR6.mjs";import"./chunk-JAAIC6RB.mjs";import"./chunk-YFQCIJP5.mjs";import"./chunk-TYE5FML5.mjs";import"./chunk-FEWNS2OS.mjs";export{a as noteSarif};
