import koffi from 'koffi'
import { messageOf, OperatorError } from '../../../core/errors.ts'

/** What every function returns: 0 when all went well, else the reason is in XGBGetLastError of the same thread. */
export type Status = number

// bst_ulong is uint64_t; pointers out are written into 8-byte cells and read back as bigint.
const POINTER = 'void *'
const LENGTH = 'uint64_t'

type Call = (...args: readonly unknown[]) => Status

/**
 * The functions of XGBoost's C API that are used, by their C names, and the types of its callbacks. UNAVAILABLE when the
 * file cannot be loaded or lacks one of them.
 */
export function bindXgboost(libraryPath: string) {
  const lib = loadLibrary(libraryPath)
  const call = (name: string, ...types: string[]): Call => lib.func(name, 'int', types) as Call
  try {
    const version = versionOf(lib)
    return {
      version,
      nextType: koffi.pointer(koffi.proto('int', [POINTER])),
      resetType: koffi.pointer(koffi.proto('void', [POINTER])),
      XGBGetLastError: lib.func('XGBGetLastError', 'const char *', []) as () => string,
      XGBSetGlobalConfig: call('XGBSetGlobalConfig', 'const char *'),
      XGBoosterCreate: call('XGBoosterCreate', POINTER, LENGTH, POINTER),
      XGBoosterFree: call('XGBoosterFree', POINTER),
      XGBoosterSetParam: call('XGBoosterSetParam', POINTER, 'const char *', 'const char *'),
      XGBoosterUpdateOneIter: call('XGBoosterUpdateOneIter', POINTER, 'int', POINTER),
      XGBoosterBoostOneIter: call('XGBoosterBoostOneIter', POINTER, POINTER, POINTER, POINTER, LENGTH),
      XGBoosterEvalOneIter: call(
        'XGBoosterEvalOneIter',
        POINTER,
        'int',
        POINTER,
        'const char **',
        LENGTH,
        POINTER,
      ),
      XGBoosterPredictFromDMatrix: call(
        'XGBoosterPredictFromDMatrix',
        POINTER,
        POINTER,
        'const char *',
        POINTER,
        POINTER,
        POINTER,
      ),
      XGBoosterPredictFromDense: call(
        'XGBoosterPredictFromDense',
        POINTER,
        'const char *',
        'const char *',
        POINTER,
        POINTER,
        POINTER,
        POINTER,
      ),
      XGBoosterSaveModelToBuffer: call(
        'XGBoosterSaveModelToBuffer',
        POINTER,
        'const char *',
        POINTER,
        POINTER,
      ),
      XGBoosterLoadModelFromBuffer: call('XGBoosterLoadModelFromBuffer', POINTER, POINTER, LENGTH),
      XGBoosterSlice: call('XGBoosterSlice', POINTER, 'int', 'int', 'int', POINTER),
      XGBoosterBoostedRounds: call('XGBoosterBoostedRounds', POINTER, POINTER),
      XGBoosterGetNumFeature: call('XGBoosterGetNumFeature', POINTER, POINTER),
      XGBoosterSetStrFeatureInfo: call(
        'XGBoosterSetStrFeatureInfo',
        POINTER,
        'const char *',
        'const char **',
        LENGTH,
      ),
      XGBoosterGetStrFeatureInfo: call(
        'XGBoosterGetStrFeatureInfo',
        POINTER,
        'const char *',
        POINTER,
        POINTER,
      ),
      XGBoosterFeatureScore: call(
        'XGBoosterFeatureScore',
        POINTER,
        'const char *',
        POINTER,
        POINTER,
        POINTER,
        POINTER,
        POINTER,
      ),
      XGProxyDMatrixCreate: call('XGProxyDMatrixCreate', POINTER),
      XGProxyDMatrixSetDataDense: call('XGProxyDMatrixSetDataDense', POINTER, 'const char *'),
      XGQuantileDMatrixCreateFromCallback: call(
        'XGQuantileDMatrixCreateFromCallback',
        POINTER,
        POINTER,
        POINTER,
        POINTER,
        POINTER,
        'const char *',
        POINTER,
      ),
      XGDMatrixCreateFromDense: call('XGDMatrixCreateFromDense', 'const char *', 'const char *', POINTER),
      XGDMatrixSetFloatInfo: call('XGDMatrixSetFloatInfo', POINTER, 'const char *', POINTER, LENGTH),
      XGDMatrixFree: call('XGDMatrixFree', POINTER),
    }
  } catch (error) {
    throw new OperatorError(
      'UNAVAILABLE',
      `${libraryPath} is not an XGBoost library of version 1.7 or newer: ${firstLine(messageOf(error))}`,
      'Run `npm run setup`, or set XGBOOST_LIBRARY to a libxgboost 1.7.',
      error,
    )
  }
}

function loadLibrary(libraryPath: string) {
  try {
    return koffi.load(libraryPath)
  } catch (error) {
    throw new OperatorError(
      'UNAVAILABLE',
      `the XGBoost library ${libraryPath} cannot be loaded: ${firstLine(messageOf(error))}`,
      'Run `npm run setup`, or set XGBOOST_LIBRARY to a libxgboost 1.7.',
      error,
    )
  }
}

/** `1.7.4`. */
function versionOf(lib: ReturnType<typeof koffi.load>): string {
  const parts = [new Int32Array(1), new Int32Array(1), new Int32Array(1)]
  lib.func('XGBoostVersion', 'void', [POINTER, POINTER, POINTER])(...parts)
  return parts.map((part) => part[0]).join('.')
}

/** Version of the library in a file, e.g. `1.7.4`; UNAVAILABLE when it is none. */
export function xgboostVersion(libraryPath: string): string {
  const lib = loadLibrary(libraryPath)
  try {
    return versionOf(lib)
  } catch (error) {
    throw new OperatorError('UNAVAILABLE', `${libraryPath} is not an XGBoost library`, undefined, error)
  }
}

/** The library's own words, without its time stamp, source position and stack. */
export function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.replace(/^\[\d\d:\d\d:\d\d\] /, '').replace(/^\S+\.(?:cc|h|cu):\d+: /, '')
}
