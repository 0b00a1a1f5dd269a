import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-MSYUJBKO.mjs";import"./chunk-3XG6BFBR.mjs";c();export{b as createHttp,a as trustedCertificates};
