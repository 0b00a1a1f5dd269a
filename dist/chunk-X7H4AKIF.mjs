import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-CIDENMRK.mjs";import"./chunk-3XG6BFBR.mjs";export default a();
