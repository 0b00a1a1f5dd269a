import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as a,c as b}from"./chunk-WICNARYB.mjs";import"./chunk-Y3TRWJAV.mjs";import"./chunk-YIMXWC3B.mjs";import"./chunk-5756SNAL.mjs";import"./chunk-MQ4GWPIQ.mjs";import"./chunk-DSJW6HNY.mjs";export{b as sarifDocument,a as sarifReporter};
