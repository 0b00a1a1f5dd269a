import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-KW2XUMR7.mjs";import"./chunk-L22642VX.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
