import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{gc as a}from"./chunk-L22642VX.mjs";import"./chunk-2PTBHYW7.mjs";export{a as run};
