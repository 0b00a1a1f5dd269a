import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function i(n,e){return n<e?-1:n>e?1:0}function o(n,e){for(let r=0;r<Math.max(n.length,e.length);r++){let t=n[r],u=e[r];if(t!==u)return t===void 0?-1:u===void 0?1:t<u?-1:1}return 0}export{i as a,o as b};
