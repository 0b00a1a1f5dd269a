import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-4PFO4MYE.mjs";import"./chunk-FEWNS2OS.mjs";c();export{b as createHttp,a as trustedCertificates};
