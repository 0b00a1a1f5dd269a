import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ec as a}from"./chunk-FBQZJJCZ.mjs";import"./chunk-2PTBHYW7.mjs";export{a as run};
