// SPDX-License-Identifier: Apache-2.0
#include "protocol/dcerpc/interfaces.hpp"

#include <algorithm>
#include <array>

namespace ward::protocol::dcerpc {
namespace {

struct Known {
    std::string_view uuid;
    std::string_view name;
};

// The standards' assignments: MS-SCMR 1.9, MS-SAMR 1.9, MS-DRSR 1.9 and so on.
constexpr std::array interfaces{
    Known{"367abb81-9844-35f1-ad32-98f038001003", "svcctl"},
    Known{"12345778-1234-abcd-ef00-0123456789ac", "samr"},
    Known{"12345778-1234-abcd-ef00-0123456789ab", "lsarpc"},
    Known{"e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi"},
    Known{"338cd001-2244-31f1-aaaa-900038001003", "winreg"},
    Known{"1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc"},
    Known{"86d35949-83c9-4044-b424-db363231fd0c", "ITaskSchedulerService"},
    Known{"6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc"},
    Known{"4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc"},
    Known{"12345678-1234-abcd-ef00-0123456789ab", "spoolss"},
    Known{"76f03f96-cdfd-44fc-a22c-64950a001209", "IRemoteWinspool"},
    Known{"12345678-1234-abcd-ef00-01234567cffb", "netlogon"},
    Known{"e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epmapper"},
    Known{"afa8bd80-7d8a-11c9-bef4-08002b102989", "mgmt"},
    Known{"c681d488-d850-11d0-8c52-00c04fd90f7e", "efsrpc"},
    Known{"df1941c5-fe89-4e79-bf10-463657acf44d", "efsrpc"},
    Known{"4fc742e0-4a10-11cf-8273-00aa004ae673", "netdfs"},
    Known{"82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog"},
    Known{"f6beaff7-1e19-4fbb-9f8f-b89e2018337c", "eventlog6"},
    Known{"3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup"},
    Known{"6b5bdd1e-528c-422c-af8c-a4079be4fe48", "FwRpc"},
    Known{"50abc2a4-574d-40b3-9d66-ee4fd5fba076", "dnsserver"},
    Known{"000001a0-0000-0000-c000-000000000046", "IRemoteSCMActivator"},
    Known{"4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "IActivation"},
    Known{"99fcfec4-5260-101b-bbcb-00aa0021347a", "IOXIDResolver"},
    Known{"00000143-0000-0000-c000-000000000046", "IRemUnknown2"},
    Known{"00000131-0000-0000-c000-000000000046", "IRemUnknown"},
    Known{"9556dc99-828c-11cf-a37e-00aa003240c7", "IWbemServices"},
    Known{"f309ad18-d86a-11d0-a075-00c04fb68820", "IWbemLevel1Login"},
    Known{"894de0c0-0d55-11d3-a322-00c04fa321a1", "initshutdown"},
    Known{"d95afe70-a6d5-4259-822e-2c84da1ddb0d", "windowsshutdown"},
    Known{"17fdd703-1827-4e34-79d4-24a55c53bb37", "msgsvc"},
    Known{"5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc", "msgsvcsend"},
    Known{"dea00001-6c97-11d1-8271-00a02442df7d", "pn_io_device"},
};

struct Operation {
    std::string_view interface;
    std::uint16_t opnum;
    std::string_view name;
};

constexpr std::array operations{
    Operation{"svcctl", 0, "CloseServiceHandle"},
    Operation{"svcctl", 1, "ControlService"},
    Operation{"svcctl", 2, "DeleteService"},
    Operation{"svcctl", 11, "ChangeServiceConfigW"},
    Operation{"svcctl", 12, "CreateServiceW"},
    Operation{"svcctl", 14, "EnumServicesStatusW"},
    Operation{"svcctl", 15, "OpenSCManagerW"},
    Operation{"svcctl", 16, "OpenServiceW"},
    Operation{"svcctl", 19, "StartServiceW"},
    Operation{"svcctl", 24, "CreateServiceA"},
    Operation{"svcctl", 27, "OpenSCManagerA"},
    Operation{"svcctl", 28, "OpenServiceA"},
    Operation{"svcctl", 31, "StartServiceA"},
    Operation{"svcctl", 42, "EnumServicesStatusExW"},
    Operation{"svcctl", 44, "CreateServiceWOW64A"},
    Operation{"svcctl", 45, "CreateServiceWOW64W"},
    Operation{"samr", 5, "SamrLookupDomainInSamServer"},
    Operation{"samr", 6, "SamrEnumerateDomainsInSamServer"},
    Operation{"samr", 7, "SamrOpenDomain"},
    Operation{"samr", 11, "SamrEnumerateGroupsInDomain"},
    Operation{"samr", 12, "SamrCreateUserInDomain"},
    Operation{"samr", 13, "SamrEnumerateUsersInDomain"},
    Operation{"samr", 15, "SamrEnumerateAliasesInDomain"},
    Operation{"samr", 25, "SamrGetMembersInGroup"},
    Operation{"samr", 33, "SamrGetMembersInAlias"},
    Operation{"samr", 34, "SamrOpenUser"},
    Operation{"samr", 36, "SamrQueryInformationUser"},
    Operation{"samr", 37, "SamrSetInformationUser"},
    Operation{"samr", 40, "SamrQueryDisplayInformation"},
    Operation{"samr", 50, "SamrCreateUser2InDomain"},
    Operation{"samr", 55, "SamrUnicodeChangePasswordUser2"},
    Operation{"samr", 58, "SamrSetInformationUser2"},
    Operation{"samr", 64, "SamrConnect5"},
    Operation{"lsarpc", 7, "LsarQueryInformationPolicy"},
    Operation{"lsarpc", 13, "LsarEnumerateTrustedDomains"},
    Operation{"lsarpc", 14, "LsarLookupNames"},
    Operation{"lsarpc", 15, "LsarLookupSids"},
    Operation{"lsarpc", 44, "LsarOpenPolicy2"},
    Operation{"lsarpc", 76, "LsarLookupSids3"},
    Operation{"drsuapi", 0, "DRSBind"},
    Operation{"drsuapi", 1, "DRSUnbind"},
    Operation{"drsuapi", 3, "DRSGetNCChanges"},
    Operation{"drsuapi", 4, "DRSUpdateRefs"},
    Operation{"drsuapi", 5, "DRSReplicaAdd"},
    Operation{"drsuapi", 12, "DRSCrackNames"},
    Operation{"drsuapi", 16, "DRSDomainControllerInfo"},
    Operation{"winreg", 6, "BaseRegCreateKey"},
    Operation{"winreg", 7, "BaseRegDeleteKey"},
    Operation{"winreg", 8, "BaseRegDeleteValue"},
    Operation{"winreg", 15, "BaseRegOpenKey"},
    Operation{"winreg", 17, "BaseRegQueryValue"},
    Operation{"winreg", 20, "BaseRegSaveKey"},
    Operation{"winreg", 22, "BaseRegSetValue"},
    Operation{"atsvc", 0, "NetrJobAdd"},
    Operation{"atsvc", 1, "NetrJobDel"},
    Operation{"atsvc", 2, "NetrJobEnum"},
    Operation{"ITaskSchedulerService", 1, "SchRpcRegisterTask"},
    Operation{"ITaskSchedulerService", 12, "SchRpcRun"},
    Operation{"ITaskSchedulerService", 13, "SchRpcDelete"},
    Operation{"wkssvc", 0, "NetrWkstaGetInfo"},
    Operation{"wkssvc", 2, "NetrWkstaUserEnum"},
    Operation{"srvsvc", 12, "NetrSessionEnum"},
    Operation{"srvsvc", 15, "NetrShareEnum"},
    Operation{"srvsvc", 16, "NetrShareGetInfo"},
    Operation{"srvsvc", 21, "NetrServerGetInfo"},
    Operation{"srvsvc", 28, "NetrRemoteTOD"},
    Operation{"spoolss", 1, "RpcOpenPrinter"},
    Operation{"spoolss", 62, "RpcRemoteFindFirstPrinterChangeNotification"},
    Operation{"spoolss", 65, "RpcRemoteFindFirstPrinterChangeNotificationEx"},
    Operation{"spoolss", 69, "RpcOpenPrinterEx"},
    Operation{"spoolss", 70, "RpcAddPrinterEx"},
    Operation{"spoolss", 89, "RpcAddPrinterDriverEx"},
    Operation{"netlogon", 4, "NetrServerReqChallenge"},
    Operation{"netlogon", 26, "NetrServerAuthenticate3"},
    Operation{"netlogon", 30, "NetrServerPasswordSet2"},
    Operation{"netlogon", 34, "DsrGetDcNameEx2"},
    Operation{"netlogon", 39, "NetrLogonSamLogonEx"},
    Operation{"netlogon", 45, "NetrLogonSamLogonWithFlags"},
    Operation{"epmapper", 2, "ept_lookup"},
    Operation{"epmapper", 3, "ept_map"},
    Operation{"efsrpc", 0, "EfsRpcOpenFileRaw"},
    Operation{"efsrpc", 4, "EfsRpcEncryptFileSrv"},
    Operation{"netdfs", 12, "NetrDfsAddStdRoot"},
    Operation{"netdfs", 13, "NetrDfsRemoveStdRoot"},
    Operation{"eventlog", 0, "ElfrClearELFW"},
    Operation{"eventlog6", 6, "EvtRpcClearLog"},
    Operation{"IRemoteSCMActivator", 3, "RemoteGetClassObject"},
    Operation{"IRemoteSCMActivator", 4, "RemoteCreateInstance"},
    Operation{"IActivation", 0, "RemoteActivation"},
    Operation{"IOXIDResolver", 5, "ServerAlive2"},
    Operation{"IWbemServices", 24, "ExecMethod"},
    Operation{"windowsshutdown", 0, "WsdrInitiateShutdown"},
    Operation{"initshutdown", 0, "BaseInitiateShutdown"},
    Operation{"initshutdown", 2, "BaseInitiateShutdownEx"},
};

}   // namespace

std::string_view interface_name(std::string_view uuid) {
    const auto* const found = std::ranges::find(interfaces, uuid, &Known::uuid);
    return found == interfaces.end() ? std::string_view{} : found->name;
}

std::string_view operation_name(std::string_view interface, std::uint16_t opnum) {
    if (interface.empty()) return {};
    const auto* const found = std::ranges::find_if(operations, [&](const Operation& operation) {
        return operation.opnum == opnum && operation.interface == interface;
    });
    return found == operations.end() ? std::string_view{} : found->name;
}

}   // namespace ward::protocol::dcerpc
