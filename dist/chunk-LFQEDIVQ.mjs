import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b}from"./chunk-NPWQ2BPG.mjs";import"./chunk-3VXSGEZJ.mjs";import"./chunk-2PTBHYW7.mjs";export{b as createHttp,a as trustedCertificates};
