import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as c,c as m}from"./chunk-BJV4MHXQ.mjs";import"./chunk-T3CKOQPD.mjs";import{Ia as d,Ka as $,vb as a}from"./chunk-DSJW6HNY.mjs";a();$();async function y(i,o,e){let n=await c(e.cwd,i[0]),{policy:r,exceptions:p,files:u}=n,{advisories:t}=r,{allow:s}=m(n),f=s.runtime!==void 0||s.dev!==void 0;return await e.print([`${u.join(" extends ")}: valid
`,`advisories: runtime ${l(t.runtime)}; dev ${l(t.dev)}; malware ${t.malware}; KEV ${t.kev}; EPSS ${g(t.epss)}; unscored ${t.unscored}
`,`licences: ${f?"gated":"not gated, licenses.allow is not set"}
`,`exceptions: ${p.length}
`]),d.pass}function g({fail:i,warn:o}){return Object.entries({fail:i,warn:o}).filter(([,n])=>n!==void 0).map(([n,r])=>`${n} from ${r}`).join(", ")||"ignored"}function l(i){let o=Object.entries(i).filter(([,e])=>e!==void 0&&e!=="never");return o.length===0?"ignored":o.map(([e,n])=>`${e} from ${String(n)}`).join(", ")}export{y as run};
