#!/usr/bin/env node
"use strict";var d=Object.create;var c=Object.defineProperty;var l=Object.getOwnPropertyDescriptor;var g=Object.getOwnPropertyNames;var u=Object.getPrototypeOf,f=Object.prototype.hasOwnProperty;var w=(e,o,r,i)=>{if(o&&typeof o=="object"||typeof o=="function")for(let t of g(o))!f.call(e,t)&&t!==r&&c(e,t,{get:()=>o[t],enumerable:!(i=l(o,t))||i.enumerable});return e};var L=(e,o,r)=>(r=e!=null?d(u(e)):{},w(o||!e||!e.__esModule?c(r,"default",{value:e,enumerable:!0}):r,e));var p="0.1.0";var s=process.argv.slice(2),[n]=s.length===1?s:[];n==="--version"||n==="-V"?a(`${p}
`):n==="--help"||n==="-h"?a(`Usage: plimsoll [options] [command]

One verdict for a release: what is on board, whether it may sail, and the papers
for it.

Options:
  -V, --version                 output the version number
  --offline                     open no socket
  --quiet                       no notes on standard error, errors alone
  --verbose                     say on standard error what was read, and where
                                an internal error arose
  --no-color                    no colours, whatever the terminal
  -h, --help                    display help for command

Commands:
  scan [options] [paths...]     collect, match, check licences, apply the
                                policy, report
  sbom [options] [path]         write a CycloneDX SBOM
  sarif [options] [reports...]  reports of other tools as one SARIF file
  licenses [options] [path]     list and check licences
  db [options]                  The advisory mirror: a local copy of OSV
                                records.
  policy [options]              The policy file.
  help [command]                display help for command

Examples:
  $ plimsoll scan
  $ plimsoll sbom -o sbom.cdx.json
  $ plimsoll db import npm/all.zip PyPI/all.zip

`):(h(),import("./program.mjs").then(async({run:e})=>v(await e(s)),e=>{process.exitCode=70,process.stderr.write(`internal error: ${String(e)}
`)}));function h(){let{setFlagsFromString:e}=process.getBuiltinModule("node:v8");e("--heap-growing-percent=80"),e("--semi-space-growth-factor=16")}function v(e){process.stderr.write("",()=>process.exit(e))}function a(e){let o=r=>{r instanceof Error&&"code"in r&&r.code==="EPIPE"||(process.exitCode=3)};process.stdout.on("error",o);try{process.stdout.write(e)}catch(r){o(r)}}
