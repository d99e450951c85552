import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { type Plugin, defineConfig } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))

/** Parts that change rarely, apart from our own code: a new release leaves them in the browser's cache. */
const chunkOf = (id: string): string | undefined => {
  if (!id.includes('node_modules')) return undefined
  if (/node_modules\/(?:react|react-dom|scheduler)\//.test(id)) return 'react'
  if (/node_modules\/(?:echarts|zrender)\//.test(id)) return 'echarts'
  if (id.includes('node_modules/cytoscape/')) return 'cytoscape'
  return undefined
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
/** Smaller files fit a packet either way. */
const leastBytes = 1024

/** Each file's compressed twins beside it, so that the server compresses nothing while people wait. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(?:js|css|html|svg)$/.test(file))) {
      const file = path.join(dir, name)
      const content = await readFile(file)
      if (content.length < leastBytes) continue
      await writeFile(
        `${file}.br`,
        await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
      )
      await writeFile(`${file}.gz`, await zip(content, { level: 9 }))
    }
  },
})

export default defineConfig({
  root: here,
  base: '/',
  plugins: [react(), ...(process.env['VITEST'] === undefined ? [compressed()] : [])],
  build: {
    outDir: path.join(here, '../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    // Small files inside others would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { manualChunks: chunkOf } },
  },
  server: { port: 5180, proxy: { '/api': 'http://127.0.0.1:5181' } },
})
