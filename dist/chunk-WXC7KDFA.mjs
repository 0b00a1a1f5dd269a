import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-4A6USFAX.mjs";import"./chunk-DSJW6HNY.mjs";c();export{b as createHttp,a as trustedCertificates};
