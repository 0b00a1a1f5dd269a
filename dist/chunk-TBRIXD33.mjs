import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-MKF562H4.mjs";import"./chunk-HHIVYOWT.mjs";c();export{b as createHttp,a as trustedCertificates};
