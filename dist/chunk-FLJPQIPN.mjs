import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-4OBDAZTO.mjs";import"./chunk-FEWNS2OS.mjs";export default a();
