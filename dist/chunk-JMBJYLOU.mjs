import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-KQVO7PG6.mjs";import"./chunk-2PTBHYW7.mjs";export default a();
