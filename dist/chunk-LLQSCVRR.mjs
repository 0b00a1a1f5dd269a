import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{Qb as d,Rb as a,Tb as c}from"./chunk-L22642VX.mjs";import"./chunk-2PTBHYW7.mjs";async function v(i,o,e){let n=await d(e.cwd,i[0]),{policy:r,exceptions:l,files:p}=n,{advisories:t}=r,{allow:s}=a(n),u=s.runtime!==void 0||s.dev!==void 0;return await e.print([`${p.join(" extends ")}: valid
`,`advisories: runtime ${m(t.runtime)}; dev ${m(t.dev)}; malware ${t.malware}; KEV ${t.kev}; EPSS ${f(t.epss)}; unscored ${t.unscored}
`,`licences: ${u?"gated":"not gated, licenses.allow is not set"}
`,`exceptions: ${l.length}
`]),c.pass}function f({fail:i,warn:o}){return Object.entries({fail:i,warn:o}).filter(([,n])=>n!==void 0).map(([n,r])=>`${n} from ${r}`).join(", ")||"ignored"}function m(i){let o=Object.entries(i).filter(([,e])=>e!==void 0&&e!=="never");return o.length===0?"ignored":o.map(([e,n])=>`${e} from ${String(n)}`).join(", ")}export{v as run};
