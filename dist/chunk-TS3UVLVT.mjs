import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as a,c as b}from"./chunk-TMSTDO35.mjs";import"./chunk-C63CWKR6.mjs";import"./chunk-JAAIC6RB.mjs";import"./chunk-YFQCIJP5.mjs";import"./chunk-TYE5FML5.mjs";import"./chunk-FEWNS2OS.mjs";export{b as sarifDocument,a as sarifReporter};
