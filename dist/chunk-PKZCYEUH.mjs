import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
async function f(e,n,a){let r=0,o=!1;async function i(){for(;r<e.length&&!o;){let t=e[r++];try{await a(t)}catch(c){throw o=!0,c}}}let l=Array.from({length:Math.min(n,e.length)},i),s=await Promise.allSettled(l);for(let t of s)if(t.status==="rejected")throw t.reason}export{f as a};
