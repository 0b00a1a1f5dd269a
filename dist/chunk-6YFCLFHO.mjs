import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-A5HFMBEC.mjs";import"./chunk-HHIVYOWT.mjs";export default a();
