import type { FastifyHelmetOptions } from '@fastify/helmet'

/**
 * What browsers are told of what our pages may do: nothing but what this server sends, and tiles of the configured host.
 * MapLibre's worker is a blob of its own script. `styles` are further sources of styles, for the page of the document.
 */
export function securityHeaders(tileUrl: string | undefined): FastifyHelmetOptions {
  const tiles = tileUrl === undefined ? [] : [new URL(tileUrl.replaceAll(/[{}]/g, '')).origin]
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...tiles],
        connectSrc: ["'self'", ...tiles],
        workerSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Whoever serves it by HTTPS does so in a proxy, which sets this as it sees fit.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  }
}

/** Helmet does not set it: the pages need none of these. */
export const PERMISSIONS_POLICY =
  'camera=(), microphone=(), payment=(), usb=(), geolocation=(self), fullscreen=(self)'
