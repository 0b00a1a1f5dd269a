import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var o=["auto","mirror","osv","bundled"];export{o as a};
