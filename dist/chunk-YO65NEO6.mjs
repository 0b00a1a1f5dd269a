import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a,b,c}from"./chunk-FIHF6BQT.mjs";import"./chunk-N3W5WPR4.mjs";c();export{b as createHttp,a as trustedCertificates};
