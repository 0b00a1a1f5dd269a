import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{existsSync as t}from"node:fs";import{dirname as o,join as e}from"node:path";function s(n){for(let i=n;;){if(t(e(i,".git")))return i;let r=o(i);if(r===i)return;i=r}}export{s as a};
