import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-DOVGTBIG.mjs";import"./chunk-2PTBHYW7.mjs";export default a();
