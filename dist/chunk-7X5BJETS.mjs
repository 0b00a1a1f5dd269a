import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b}from"./chunk-P7DUVQEY.mjs";import"./chunk-XFXEMIU3.mjs";import"./chunk-2PTBHYW7.mjs";export{b as createHttp,a as trustedCertificates};
