import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-Y5JEGGJY.mjs";import"./chunk-U66NQLTY.mjs";c();export{b as createHttp,a as trustedCertificates};
