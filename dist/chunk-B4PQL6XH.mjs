import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a as s}from"./chunk-C6KJJI5Y.mjs";import{a as e}from"./chunk-2GWKTROK.mjs";var t="https://api.osv.dev";function n(o=t){try{return s(o)}catch(r){throw r instanceof e?new e("usage",r.message,{hint:`the address of an OSV API reads as ${t}`,cause:r}):r}}export{n as a};
