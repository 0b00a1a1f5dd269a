import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{cc as a}from"./chunk-XFXEMIU3.mjs";import"./chunk-2PTBHYW7.mjs";export{a as run};
