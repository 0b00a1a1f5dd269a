import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a as S,b as m,c as O,d as R}from"./chunk-32ECLG7Q.mjs";import{b as g,c as h}from"./chunk-JZI77DHM.mjs";import{vb as c}from"./chunk-DSJW6HNY.mjs";c();c();var E={format:"json",*render(t){yield*d(p(t)),yield`
`}},A=3,j=64*1024;function*p(t,e=0){if(e>=A||typeof t!="object"||t===null){yield z(JSON.stringify(t,null,2)??"null",e);return}let n=Array.isArray(t),r=n?t.map(s=>["",s]):Object.entries(t).filter(([,s])=>s!==void 0);if(r.length===0){yield n?"[]":"{}";return}let i="  ".repeat(e+1),o=n?"[":"{";for(let[s,l]of r)yield`${o}
${i}${n?"":`${JSON.stringify(s)}: `}`,yield*p(l,e+1),o=",";yield`
${"  ".repeat(e)}${n?"]":"}"}`}function*d(t){let e=[],n=0;for(let r of t)e.push(r),n+=r.length,!(n<j)&&(yield e.join(""),e=[],n=0);n>0&&(yield e.join(""))}function z(t,e){return e===0?t:t.replaceAll(`
`,`
${"  ".repeat(e)}`)}c();import{gzipSync as b}from"node:zlib";var M=1<<20,P=1.5,I=900,T=200,G=100;function y(t){let e=0,n=[],r=0;for(let i of t)n.push(i),r+=i.length,!(r<M)&&(e+=b(n.join("")).length,[n,r]=[[],0]);return e+b(n.join("")).length}function x(t,e,{enough:n,sample:r}){let i=t.map(N),o=i.reduce((u,f)=>u+f,0);if(o<=n)return o;let s=Math.max(1,Math.floor(t.length/r)),l=t.filter((u,f)=>f%s===0),a=i.filter((u,f)=>f%s===0).reduce((u,f)=>u+f,0);return y(l.map(e))/a*o*P}function N(t){let e=I;for(let{finding:n}of t){let{title:r,message:i,tip:o,locations:s}=n;e+=r.length+i.length+o.length,e+=T*Math.min(s.length,G)}return e}c();function*k(t){yield`{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": `;let e="[";for(let n of t)yield`${e}
    `,yield*C(n),e=",";yield`${t.length===0?"[]":`
  ]`}
}
`}function*C({results:t,invocations:e,properties:n,...r}){let i="{";for(let[o,s]of Object.entries(r))yield`${i}
      ${JSON.stringify(o)}: `,yield*p(s,3),i=",";yield`${i}
      "results": `,yield*d(F(t));for(let[o,s]of Object.entries({invocations:e(),properties:n}))yield`,
      ${JSON.stringify(o)}: `,yield*p(s,3);yield`
    }`}function*F(t){let e="[";for(let n of t)yield`${e}
        ${JSON.stringify(n)}`,e=",";yield e==="["?"[]":`
      ]`}var L=400,D=8,re={format:"sarif",render:t=>J(t,{profile:"github"}).chunks()};function J(t,e){let{profile:n}=e,r=w(t,e,1);for(let o=0,s=1;o<D;o+=1){let l=_(t,r,e);if(l<=1)break;s*=.97/l,r=w(t,e,s)}let i=[];return{profile:n,chunks:()=>(i=[],$(t,r,e,i)),withheld:r.tools.filter(({withheld:o})=>o!==void 0),leftOut:r.leftOut,quarantined:()=>i}}function w(t,{profile:e,ownRun:n="always"},r){return S(t,{profile:e,ownRun:n,share:r})}function $(t,e,{profile:n,pipeline:r},i){let o={report:t,related:m(t),profile:n,tools:new Set(e.runs.map(({tool:l})=>l.id)),...r===void 0?{}:{pipeline:r}},s=new Set(e.runs.map(({tool:l})=>l));return d(k(e.runs.map((l,a)=>{let u=e.leftOut.filter(({tool:f})=>l.part===1&&f===l.tool||a===0&&!s.has(f));return R(l,u,o,i)})))}function _(t,e,n){let r=h(n.profile)?.gzipBytes.max;if(r===void 0)return 0;let i={report:t,related:m(t),limits:g.github},o=e.runs.map(({tool:l,groups:a})=>x(a,u=>JSON.stringify(O(u,new Map,{...i,owner:l.id})),{enough:r/e.runs.length,sample:Math.ceil(L/e.runs.length)})),s=t.rules.reduce((l,a)=>l+2*(a.fullDescription+a.helpMarkdown).length,0);return o.reduce((l,a)=>l+a,s)<=r?0:y($(t,e,n,[]))/r}export{E as a,re as b,J as c};
